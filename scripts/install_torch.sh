#!/bin/sh
# Installs torch: the build for graphics cards where there is one, the CPU build elsewhere.
#   scripts/install_torch.sh PIP REQUIREMENT CPU_INDEX
set -eu
pip=$1 requirement=$2 cpu_index=$3

if $pip install --quiet --dry-run --no-deps --no-index "$requirement" >/dev/null 2>&1; then
    # installed already, or a build lies in a folder of pip's find-links: somebody chose it
    $pip install --quiet --no-index --no-deps "$requirement"
elif command -v nvidia-smi >/dev/null 2>&1 || [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
    $pip install --quiet --no-deps "$requirement"
elif ! $pip install --quiet --no-deps --index-url "$cpu_index" "$requirement"; then
    echo "The CPU build of torch cannot be reached at $cpu_index (TORCH_INDEX); taking the one of the usual index." >&2
    $pip install --quiet --no-deps "$requirement"
fi
