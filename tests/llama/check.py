"""Checks what a negotiation with a random model has left. Usage: check.py OUT REPORT EXIT."""

import json
import pathlib
import sys

OUTCOMES = {"agreed": 0, "impasse": 3, "escalated": 3, "failed-seat": 3, "withdrawn": 4, "budget": 5}

out, report, code = pathlib.Path(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3])
assert OUTCOMES[report["outcome"]] == report["exit"] == code, (report, code)
journal = [json.loads(line) for line in (out / "journal.jsonl").read_text().splitlines()]
kinds = [entry.get("kind") or entry.get("fault") or entry["type"] for entry in journal[1:]]
said, acts = 0, 0
for record in sorted(pathlib.Path(f"{out}.private").glob("*/journal.jsonl")):
    for line in record.read_text().splitlines():
        text = json.loads(line).get("text")
        said += 1
        try:
            acts += set(json.loads(text)) == {"v", "request_id", "act", "base", "body"}
        except (TypeError, ValueError, AttributeError):
            pass
print(f"{report['outcome']}, {report['turns']} turns; {acts} acts in {said} answers: {' '.join(kinds)}")
