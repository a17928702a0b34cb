"""What is true of printed papers."""

SENT, DONE, FAILED = "已交打印", "已打印", "失败"
"""The states of a print job: committed before printing, taken by the printer, nothing came out."""
