using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ZenNas.Json;

namespace ZenNas.Latency;

/// <summary>
/// What a profile that isn't finished has measured: a line that says what is being profiled, then a line for every network. Lines are
/// appended and flushed to the disk; one that was being written when the process was killed is dropped.
/// </summary>
public sealed class ProfileJournal : IDisposable
{
    private const int KeyDigits = 16;
    private const int LongestLine = 1 << 20;
    private readonly FileStream _stream;
    private readonly List<ProfiledNetwork> _networks;

    private ProfileJournal(FileStream stream, List<ProfiledNetwork> networks) => (_stream, _networks) = (stream, networks);

    /// <summary>What was measured so far, in the order of the plan.</summary>
    public IReadOnlyList<ProfiledNetwork> Networks => _networks;

    /// <summary>Opens a journal to continue it, or begins one.</summary>
    /// <exception cref="InvalidInputException">The file belongs to another profile, is damaged, in use or can't be written.</exception>
    public static ProfileJournal Open(string path, Machine machine, LatencyConditions conditions, ProfileScope scope)
    {
        var heading = Heading(machine, conditions, scope);
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"'{path}' can't be opened ({e.Message}); allowed is a place where files can be written, by one process at a time", e);
        }

        try
        {
            var journal = new ProfileJournal(stream, []);
            journal.Load(path, heading);
            return journal;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>What tells profiles apart that can't go on with each other's journals: hexadecimal digits.</summary>
    public static string Key(Machine machine, LatencyConditions conditions, ProfileScope scope) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Heading(machine, conditions, scope))))[..KeyDigits];

    /// <summary>Keeps a measured network.</summary>
    public void Add(ProfiledNetwork network)
    {
        Append(LatencyProfileJson.ToNode(network).ToJsonString());
        _networks.Add(network);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static string Heading(Machine machine, LatencyConditions conditions, ProfileScope scope) => new JsonObject
    {
        ["profiling"] = LatencyProfileJson.Version,
        // Without the system, whose updates change no processor.
        ["machine"] = machine.ToString(),
        ["conditions"] = LatencyProfileJson.ToNode(conditions),
        ["scope"] = LatencyProfileJson.ToNode(scope),
    }.ToJsonString();

    private void Load(string path, string heading)
    {
        var bytes = new byte[_stream.Length];
        _stream.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        var lines = Encoding.UTF8.GetString(bytes, 0, whole).Split('\n')[..^1];

        // Nothing of a file is cut off before it is known to be ours; a heading that was being written is the beginning of one.
        var isOurs = whole == 0 ? heading.StartsWith(Encoding.UTF8.GetString(bytes), StringComparison.Ordinal) : lines[0] == heading;
        if (!isOurs)
        {
            throw new InvalidInputException($"'{path}' was begun with other options, on another machine or by another version; give the same options, another --out, or remove it");
        }

        _stream.SetLength(whole);
        _stream.Seek(0, SeekOrigin.End);
        if (whole == 0)
        {
            Append(heading);
            return;
        }

        _networks.AddRange(lines.Skip(1).Select((line, i) => StrictJson.Read(line, $"'{path}', line {i + 2}", LongestLine, LatencyProfileJson.ReadNetwork)));
    }

    private void Append(string line)
    {
        _stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
        _stream.Flush(flushToDisk: true);
    }
}
