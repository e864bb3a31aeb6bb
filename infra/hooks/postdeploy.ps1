# Topology split: the worker runs the image that azd has just deployed to the app. In topology single there is no worker.
$ErrorActionPreference = 'Stop'
$worker = azd env get-value SERVICE_WORKER_NAME
if (-not $worker) {
  exit 0
}
$image = azd env get-value SERVICE_APP_IMAGE_NAME
$group = azd env get-value AZURE_RESOURCE_GROUP
Write-Output "The worker $worker takes $image"
az containerapp update --name $worker --resource-group $group --image $image --output none
exit $LASTEXITCODE
