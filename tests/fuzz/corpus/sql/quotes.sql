SELECT "a""b]c", [x]]y], `z``w`, 'it''s' -- ? " '
 /* ? */ FROM "t"