-- What wrk sends in the operations scenarios: 100 actions of a random tenant with filters, or 20 of its
-- issues with a random word in them. Arguments: scenario, then one token for each of the tenants
-- bench-0 to bench-9.
local scenario
local headers = {}

function init(arguments)
  scenario = arguments[1]
  for i = 2, #arguments do
    headers[i - 2] = { ["Authorization"] = "Bearer " .. arguments[i] }
  end
  math.randomseed(os.time() + math.floor(os.clock() * 1e6))
end

-- As bench.word() in seed_operations.sql.
local syllables = { "ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu" }
local function word(number)
  return syllables[number % 10 + 1] .. syllables[math.floor(number / 10) % 10 + 1] ..
         syllables[math.floor(number / 100) % 10 + 1] .. syllables[number * 7 % 10 + 1]
end

local filters = "/api/operations/actions?status=not_started,in_progress,blocked&priority=medium,high,critical" ..
                "&startDate=2025-02-01&endDate=2025-11-30"

function request()
  local tenant = math.random(0, 9)
  if scenario == "actions" then
    return wrk.format("GET", filters, headers[tenant])
  end
  return wrk.format("GET", "/api/operations/issues?size=20&search=" .. word(math.random(0, 299)), headers[tenant])
end

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "lib/result.lua")
