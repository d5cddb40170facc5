#!/usr/bin/env bash
# Profiles this machine for both spaces, 32×32 and 224×224, 1 and 2 threads, and evaluates each profile on 40 fresh random networks.
# Takes about two hours; a second call goes on where the first one ended. Run it on a machine that does nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
results=bench/results/latency
profiles=${PROFILES:-bench/profiles}
minutes=${MINUTES:-10}
mkdir -p "$results" "$profiles"
for resolution in 32 224; do
    for space in residual mobile; do
        for threads in 1 2; do
            name=$space-$resolution-t$threads
            [[ -f $profiles/$name.json ]] ||
                ./zennas latency profile --space "$space" --resolution "$resolution" --threads "$threads" --minutes "$minutes" --out "$profiles/$name.json"
            [[ -f $results/$name.json ]] ||
                { ./zennas latency evaluate --profile "$profiles/$name.json" --json > "$results/$name.json.new" && mv "$results/$name.json.new" "$results/$name.json"; }
        done
    done
done
