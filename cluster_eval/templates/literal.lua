-- Pandoc escapes these in a paragraph, but not where a cell begins, and the dots nowhere: Typst would make a list or a
-- heading of them, an ellipsis, or a place to break a word.
local markers = { "^[-+/]$", "^=+$", "^%d+%.$" }

-- What may be wider than a column, such as a web address, ends a line after each few letters, at a box of nothing.
local longest, few = 30, 5

local function write(text)
  local written = text:gsub("\\", "\\\\"):gsub('"', '\\"')
  return '#"' .. written .. '";'
end

function Str(word)
  local text = word.text
  if pandoc.text.len(text) > longest then
    local parts = {}
    for start = 1, pandoc.text.len(text), few do
      table.insert(parts, write(pandoc.text.sub(text, start, start + few - 1)))
    end
    return pandoc.RawInline("typst", table.concat(parts, "#box();"))
  end
  local special = text:find("...", 1, true) or text:find("-?", 1, true)
  for _, marker in ipairs(markers) do
    special = special or text:find(marker)
  end
  if special then
    return pandoc.RawInline("typst", write(text))
  end
end
