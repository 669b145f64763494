"""Claims: investigation, liability, payout, vouchers (chapter 03)."""
