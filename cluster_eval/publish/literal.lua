-- Pandoc escapes these in a paragraph, but not where a cell begins, and the dots nowhere: Typst would make a list or a
-- heading of them, an ellipsis, or a place to break a word.
local markers = { "^[-+/]$", "^=+$", "^%d+%.$" }

function Str(text)
  local special = text.text:find("...", 1, true) or text.text:find("-?", 1, true)
  for _, marker in ipairs(markers) do
    special = special or text.text:find(marker)
  end
  if special then
    local written = text.text:gsub("\\", "\\\\"):gsub('"', '\\"')
    return pandoc.RawInline("typst", '#"' .. written .. '";')
  end
end
