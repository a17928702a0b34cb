"""What is true of printed papers."""

SENT, DONE, FAILED = "已交打印", "已打印", "失败"
"""The states of a print job: committed before printing, taken by the printer, nothing came out."""

WHOLE = frozenset({"personal_file", "appeal_referral", "door_card", "order_card", "service_booklet"})
"""Forms by which somebody's whole number goes to whoever needs it: the person, the other unit, the one who helps."""
LISTS = WHOLE | frozenset(
    {
        "table",
        "visit_route",
        "visit_sheet",
        "goods_receipt",
        "appeal_ledger",
        "room_chart",
        "care_roll",
        "sign_in_sheet",
        "duty_roster",
        "duty_log",
        "meeting_record",
        "vote_slip",
    }
)
"""Forms that name many people, and those with whole numbers: each paper is personal data given out, and stands in the
export register too, saved as a file or printed."""

NOTICE = "meeting_notice"
"""The form by which people are told of a meeting."""
