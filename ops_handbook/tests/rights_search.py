"""The rights matrix of the search's index and of its words: nobody's; what is found goes through the rules of the records themselves."""

from .rights_subjects import CompanySubject, subject

ENTRY = {"res_model": "ops.problem", "res_id": 1, "indexed_on": "2026-01-01 00:00:00"}


@subject
class SearchEntry(CompanySubject):
    model = "ops.search.entry"
    situations = ("company",)
    values_to_write = {"lang": "forged"}

    def new_values(self, situation, role):
        return {**ENTRY, "res_id": 2}

    def record(self, situation, state, role):
        return self.env["ops.search.entry"].sudo().create(ENTRY)


@subject
class SearchWord(CompanySubject):
    model = "ops.search.word"
    situations = ("company",)
    values_to_write = {"word": "forged"}

    def new_values(self, situation, role):
        return {"word": "ofnobodyelse"}

    def record(self, situation, state, role):
        return self.env["ops.search.word"].sudo().create({"word": "ofnobody"})
