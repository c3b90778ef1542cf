"""Tables of a spreadsheet taken in: template, report row by row, preview, and all or nothing."""
