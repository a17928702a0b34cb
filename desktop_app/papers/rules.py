"""What is true of printed papers."""

SENT, DONE, FAILED = "已交打印", "已打印", "失败"
"""The states of a print job: committed before printing, taken by the printer, nothing came out."""

WHOLE = frozenset({"personal_file"})
"""Forms with whole numbers: what a person asked to have of the own data."""
LISTS = WHOLE | frozenset({"table", "visit_route", "goods_receipt", "appeal_ledger", "room_chart", "care_roll"})
"""Forms that name many people: printing one is giving out personal data, and stands in the export register too."""
