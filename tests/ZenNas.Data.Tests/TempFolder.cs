namespace ZenNas.Data.Tests;

/// <summary>An empty folder that is gone after the test.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zennas-data-");

    public string Path => _folder.FullName;

    /// <summary>A path in the folder; nothing is created.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
