-- What Argo CD's own rules for ExternalSecrets and stores (version 3.1 and later) come to.
local waiting = { status = "Progressing", message = "Waiting" }
if obj.metadata.deletionTimestamp ~= nil then return waiting end
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  local isStale = obj.spec.refreshPolicy == "OnChange" and condition.lastTransitionTime < obj.status.refreshTime
  if condition.type == "Ready" and not isStale then
    return { status = condition.status == "True" and "Healthy" or "Degraded", message = condition.message }
  end
end
return waiting
