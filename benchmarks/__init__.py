"""The measurements of the project: each row times our work beside a peer in the same run and prints the ratio."""
