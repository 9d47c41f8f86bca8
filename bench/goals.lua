-- What wrk sends in the goal scenarios: a random goal of a random tenant (mixed: one of a hundred is changed
-- instead), a page, or a new goal.
-- Arguments: scenario, then one token for each of the tenants bench-0 to bench-9.
local scenario
local headers = {}

function init(arguments)
  scenario = arguments[1]
  for i = 2, #arguments do
    headers[i - 2] = { ["Authorization"] = "Bearer " .. arguments[i], ["Content-Type"] = "application/json" }
  end
  math.randomseed(os.time() + math.floor(os.clock() * 1e6))
end

local body = '{"title":"Grow revenue by 30 %","intent":"Because the plan says so","owner_id":"user-1",' ..
             '"horizon":"quarter","value_tags":["growth","focus"]}'

function request()
  local tenant = math.random(0, 9)
  if scenario == "one" or scenario == "mixed" then
    local path = string.format("/goals/00000001-%04d-7000-8000-%012d", tenant, math.random(0, 999))
    if scenario == "mixed" and math.random(100) == 1 then
      return wrk.format("PUT", path, headers[tenant], '{"title":"Goal ' .. math.random(1, 1000000) .. '"}')
    end
    return wrk.format("GET", path, headers[tenant])
  elseif scenario == "page" then
    return wrk.format("GET", "/goals?size=20&page=" .. math.random(1, 5), headers[tenant])
  end
  return wrk.format("POST", "/goals", headers[tenant], body)
end

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "lib/result.lua")
