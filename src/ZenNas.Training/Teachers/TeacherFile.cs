using TorchSharp;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Training.Teachers;

/// <summary>Finds out what kind of teacher a file holds.</summary>
internal static class TeacherFile
{
    private const string SafeTensors = ".safetensors";

    /// <summary>Opens the plan's teacher: weights that this program wrote, or an ONNX file.</summary>
    /// <returns>Null where the plan has none.</returns>
    /// <exception cref="InvalidInputException">The file can't be used.</exception>
    public static ITeacher? Open(TrainingPlan plan, Device device)
    {
        if (plan.Teacher is not { } path)
        {
            return null;
        }

        if (!File.Exists(path))
        {
            throw new InvalidInputException($"--teacher is '{path}', which is no file; allowed is an ONNX file or weights in safetensors");
        }

        // On the CPU every lane asks it for its own pictures.
        if (!path.EndsWith(SafeTensors, StringComparison.OrdinalIgnoreCase))
        {
            return new OnnxTeacher(path, plan.Architecture.InputChannels, plan.Architecture.Resolution, threads: device.type == DeviceType.CPU ? 1 : plan.Threads);
        }

        using var stream = File.OpenRead(path);
        return new NetworkTeacher(WeightsFile.ReadWithNetwork(stream), device);
    }
}
