import { deployedRegion } from '../../regions.bicep'

@export()
@description('The registry of the second region; empty: there is one region.')
func secondRegistry(regions deployedRegion[]) string =>
  length(regions) > 1 ? regions[length(regions) - 1].names.registry : ''

@export()
@description('Says how to ask the workspaces of both regions in one query.')
func regionsNotice(regions deployedRegion[]) string =>
  length(regions) > 1
    ? 'Each region has its own workspace, alert rules and workbook. In the logs of ${regions[0].names.workspace} one query reads both: union AppRequests, workspace(\'${regions[length(regions) - 1].names.workspace}\').AppRequests | summarize requests = sum(ItemCount), failed = sumif(ItemCount, Success == false) by region = tostring(Properties.region)'
    : 'There is one region: deployment.secondRegion is empty.'
