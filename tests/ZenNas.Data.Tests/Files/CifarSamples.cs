namespace ZenNas.Data.Tests.Files;

/// <summary>Writes small datasets in the formats of CIFAR.</summary>
internal static class CifarSamples
{
    private const int Plane = 32 * 32;

    public static readonly string[] Batches10 =
        ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"];

    /// <summary>Six files of two pictures each; the labels go up from 0.</summary>
    public static void Write10(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (batch, name) in Batches10.Index())
        {
            byte[] content = [.. Record(2 * batch % 10, [(byte)(2 * batch % 10)]), .. Record(2 * batch + 1, [(byte)((2 * batch + 1) % 10)])];
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }
    }

    /// <summary>Three training pictures of the fine labels 99, 0, 42 and one test picture of 7.</summary>
    public static void Write100(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "train.bin"), [.. Record(0, [19, 99]), .. Record(1, [0, 0]), .. Record(2, [3, 42])]);
        File.WriteAllBytes(Path.Combine(folder, "test.bin"), Record(3, [1, 7]));
        File.WriteAllLines(Path.Combine(folder, "fine_label_names.txt"), Enumerable.Range(0, 100).Select(i => $"fine_{i}"));
    }

    /// <summary>The value that a channel of a pixel has in the picture of a number.</summary>
    public static int Value(int number, int y, int x, int c) => (number + 3 * y + 5 * x + 64 * c) % 256;

    private static byte[] Record(int number, byte[] labels) =>
        [.. labels, .. Enumerable.Range(0, 3 * Plane).Select(i => (byte)Value(number, i % Plane / 32, i % 32, i / Plane))];
}
