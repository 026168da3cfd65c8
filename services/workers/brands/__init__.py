"""Labour brands (劳务品牌): a county's 月嫂 or 保安 with a name, who belongs to them, and what became of them."""
