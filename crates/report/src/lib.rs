//! Figures, HTML reports, receipts.
