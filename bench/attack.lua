-- What wrk sends as an attacker: the given requests in turn, as soon as the last one was answered.
-- Arguments: a token, then "METHOD PATH", "METHOD PATH BODY" or "METHOD PATH @FILE" for each request.
local requests, next_request = {}, 0

local function body_of(text)
  if text:sub(1, 1) ~= "@" then return text end
  local file = assert(io.open(text:sub(2), "rb"))
  local body = file:read("*a")
  file:close()
  return body
end

function init(arguments)
  local headers = { ["Authorization"] = "Bearer " .. arguments[1], ["Content-Type"] = "application/json" }
  for i = 2, #arguments do
    local method, path, body = arguments[i]:match("^(%S+) (%S+) ?(.*)$")
    requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body_of(body) or nil)
  end
  next_request = math.random(0, #requests - 1)
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "lib/result.lua")
