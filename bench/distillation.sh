#!/usr/bin/env bash
# What a teacher brings: a small network found here, trained on Fashion-MNIST with and without an ONNX teacher that was trained here, three seeds each.
# Needs TEACHER, the weights of a training of NETWORK (bench/results/fashion-mnist says how to make them). Takes about a quarter of an hour.
set -euo pipefail
cd "$(dirname "$0")/.."
network=${NETWORK:?a network file}
teacher=${TEACHER:?weights of that network}
folder=${FOLDER:-bench/distillation}
data=/usr/share/datasets/fashion-mnist
epochs=${EPOCHS:-6}
mkdir -p "$folder"
[[ -d $folder/student ]] ||
    ./zennas search --space residual --resolution 28 --classes 10 --max-params 0.03M --max-flops 1.5M --max-layers 8 --verify 0 --out "$folder/student" > /dev/null
[[ -f $folder/teacher.onnx ]] ||
    ./zennas export "$network" --resolution 28 --classes 10 --weights "$teacher" --out "$folder/teacher.onnx" > /dev/null
for seed in 0 1 2; do
    for kind in alone taught; do
        extra=()
        [[ $kind == taught ]] && extra=(--teacher "$folder/teacher.onnx")
        [[ -f $folder/$kind-$seed.json ]] ||
            { ./zennas train "$folder/student/best.json" --data "$data" --recipe quick --epochs "$epochs" --seed "$seed" "${extra[@]}" --out "$folder/$kind-$seed" --json > "$folder/$kind-$seed.json.new" &&
                mv "$folder/$kind-$seed.json.new" "$folder/$kind-$seed.json"; }
    done
done
