# Money is written 104,382.00; Django's own zh-Hans format groups by four and separates by nothing.
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
