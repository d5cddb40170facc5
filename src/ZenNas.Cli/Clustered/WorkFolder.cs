using ZenNas.Cluster.Messages;

namespace ZenNas.Cli.Clustered;

/// <summary>
/// A worker's part of a folder that workers of one machine share: the first that no other holds, so that a worker after a restart finds what it
/// left. Made only where there are jobs that leave something.
/// </summary>
internal sealed class WorkFolder : IDisposable
{
    private const int Most = 1024;
    private readonly FileStream? _held;

    private WorkFolder(string path, FileStream? held) => (Path, _held) = (path, held);

    /// <summary>Path of the part.</summary>
    public string Path { get; }

    /// <summary>Holds the first part that is free.</summary>
    /// <exception cref="InvalidInputException">The folder can't be written.</exception>
    public static WorkFolder Claim(string folder, IEnumerable<string> kinds)
    {
        if (kinds.All(kind => kind == JobKinds.Score))
        {
            return new WorkFolder(folder, null);
        }

        for (var number = 1; number <= Most; number++)
        {
            var path = System.IO.Path.Combine(folder, $"{number}");
            try
            {
                Directory.CreateDirectory(path);
                return new WorkFolder(path, new FileStream(System.IO.Path.Combine(path, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(System.IO.Path.Combine(path, ".lock")))
            {
                // Another worker's.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InvalidInputException($"--work is '{Input.Quantity.Shown(folder)}', which can't be written ({e.Message}); allowed is a folder that can", e);
            }
        }

        throw new InvalidInputException($"--work is '{Input.Quantity.Shown(folder)}', where {Most} workers are at work; allowed is another folder");
    }

    public void Dispose() => _held?.Dispose();
}
