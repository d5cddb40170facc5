using System.Collections.Immutable;

namespace ZenNas.Data.Files;

/// <summary>Pictures in files, decoded whenever they are read.</summary>
internal sealed class PictureFileDataset : IImageDataset
{
    private readonly string _folder;
    private readonly ImmutableArray<string> _files;
    private readonly ImmutableArray<int> _labels;

    /// <param name="name">The name.</param>
    /// <param name="folder">Where the folders of the classes are.</param>
    /// <param name="classNames">Names of the classes and of their folders.</param>
    /// <param name="files">Path of each file within the folder of its class.</param>
    /// <param name="labels">Label of each file.</param>
    public PictureFileDataset(string name, string folder, ImmutableArray<string> classNames, ImmutableArray<string> files, ImmutableArray<int> labels) =>
        (Name, _folder, ClassNames, _files, _labels) = (name, folder, classNames, files, labels);

    public string Name { get; }

    public int Count => _files.Length;

    public int Channels => 3;

    public PictureSize? Size => null;

    public ImmutableArray<string> ClassNames { get; }

    public int Label(int index) => _labels[index];

    public Picture Read(int index) => PictureFile.Read(Path.Combine(_folder, ClassNames[_labels[index]], _files[index]));
}
