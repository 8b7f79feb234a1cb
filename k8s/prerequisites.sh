#!/usr/bin/env bash
# What the chart needs in the current cluster: Dapr's control plane, and the namespace with its Pod Security labels.
# DAPR=false leaves Dapr out, for dapr.enabled=false.
set -euo pipefail
cd "$(dirname "$0")"

# 1.18.2 at least: before it, a changed Configuration restarts every sidecar of the namespace.
dapr_version=1.18.3

if [[ ${DAPR:-true} == true ]]; then
  helm upgrade --install dapr dapr --repo https://dapr.github.io/helm-charts/ --version "$dapr_version" \
    --namespace dapr-system --create-namespace --values dapr-values.yaml --wait --timeout 5m
fi
kubectl apply --filename namespace.yaml
