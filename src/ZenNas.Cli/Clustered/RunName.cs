using System.Text.Json.Nodes;
using ZenNas.Json;
using ZenNas.Runs;

namespace ZenNas.Cli.Clustered;

/// <summary>
/// The name by which a server knows a run, in the run's folder: <c>cluster.json</c>. A new name for every run keeps results of one from another; the
/// same name after a restart finds those that are there.
/// </summary>
internal static class RunName
{
    private const string FileName = "cluster.json";
    private const string Format = "zennas/cluster";
    private const int Version = 1;
    private const int FileLimit = 4096;
    private const int Digits = 32;

    /// <summary>A name that nothing else has.</summary>
    public static string New() => Guid.NewGuid().ToString("N");

    /// <summary>The run's name, made at the first call.</summary>
    /// <exception cref="InvalidInputException">The file holds no name.</exception>
    public static string Of(string folder) => Read(Path.Combine(folder, FileName));

    /// <summary>The same for a command that makes one file: the name stands beside it until it is made.</summary>
    /// <exception cref="InvalidInputException">The file beside it holds no name.</exception>
    public static string OfFile(string file) => Read(BesideOf(file));

    /// <summary>Removes the name beside a file that is made.</summary>
    public static void Forget(string file) => File.Delete(BesideOf(file));

    private static string BesideOf(string file) => $"{file}.{FileName}";

    private static string Read(string path)
    {
        if (!File.Exists(path))
        {
            AtomicFile.Write(path, new JsonObject { ["format"] = Format, ["version"] = Version, ["run"] = New() }.ToJsonString() + "\n");
        }

        if (new FileInfo(path).Length > FileLimit)
        {
            throw new InvalidInputException($"'{path}' is larger than {FileLimit} bytes; allowed is what an earlier session wrote");
        }

        return StrictJson.Read(File.ReadAllText(path), FileName, FileLimit, root =>
        {
            StrictJson.CheckFormat(root, Format, Version);
            var run = root.Text("run", Digits);
            return run.Length == Digits && run.All(char.IsAsciiHexDigitLower)
                ? run
                : throw new InvalidInputException($"{FileName}, run: isn't {Digits} hexadecimal digits; allowed is what an earlier session wrote");
        });
    }
}
