-- What wrk sends where one address is asked again and again. Arguments: the path, then a token.
local request_text

function init(arguments)
  request_text = wrk.format("GET", arguments[1], { ["Authorization"] = "Bearer " .. arguments[2] })
end

function request()
  return request_text
end

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "lib/result.lua")
