@export()
@description('What stands in the place of a name, such as slo.latencyMs, as text.')
type valueMap = {
  @description('Optional. One value.')
  *: string
}

@export()
@description('Puts values in the place of their names in double braces. Refuses a name that is not among them.')
func fill(text string, values valueMap) string =>
  refuseUnknown(reduce(
    items(values),
    text,
    (filled, entry) => replace(string(filled), '{{${entry.key}}}', string(entry.value))
  ))

func refuseUnknown(text string) string =>
  contains(text, '{{') ? fail('A query names a value that observability.json does not have: ${text}') : text
