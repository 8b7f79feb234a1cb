#!/usr/bin/env bash
# The same with minikube. Calico, because minikube's own network does not enforce network policies.
set -euo pipefail
cd "$(dirname "$0")"
profile=${CLUSTER:-p2pcloud}

for program in minikube kubectl helm docker; do
  command -v "$program" >/dev/null || { echo "minikube-up: $program is needed and not in PATH" >&2; exit 1; }
done

minikube status --profile "$profile" >/dev/null 2>&1 || minikube start --profile "$profile" --cpus 4 --memory 6g --cni calico
kubectl config use-context "$profile"

mapfile -t images < <(docker image ls --format '{{.Repository}}:{{.Tag}}' --filter 'reference=p2pcloud/*')
for image in "${images[@]}"; do
  minikube image load --profile "$profile" "$image"
done

./prerequisites.sh
