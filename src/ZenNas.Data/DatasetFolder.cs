using ZenNas.Data.Files;

namespace ZenNas.Data;

/// <summary>Opens datasets as they are published.</summary>
public static class DatasetFolder
{
    private const string LookedFor =
        "CIFAR-10 (data_batch_1.bin), CIFAR-100 (train.bin), MNIST or Fashion-MNIST (train-images-idx3-ubyte.gz) or pictures in train/CLASS and val/CLASS";

    /// <summary>
    /// Recognises what a folder holds: CIFAR-10 or CIFAR-100 in their binary versions (also in the folder that their archives unpack to), MNIST or
    /// Fashion-MNIST and others in their format (gzip or not), or JPEG and PNG pictures in <c>train/CLASS</c> and <c>val/CLASS</c> or
    /// <c>test/CLASS</c>, also deeper in a class's folder.
    /// Small pictures are kept in memory, files of others decoded when they are read. Classes of folders stand in ordinal order of their names.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InvalidInputException">It holds none of them, files are missing, or one isn't what its format asks for.</exception>
    public static DatasetPair Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!Directory.Exists(path))
        {
            throw new InvalidInputException($"{DataFile.Shown(path)} isn't a folder; allowed is one with {LookedFor}");
        }

        return CifarFiles.Open(path) ?? MnistFiles.Open(path) ?? PictureFolders.Open(path)
            ?? throw new InvalidInputException($"{DataFile.Shown(path)} holds no dataset; allowed is {LookedFor}");
    }
}
