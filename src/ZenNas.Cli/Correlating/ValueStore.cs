using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Runs;
using ZenNas.Scores;

namespace ZenNas.Cli.Correlating;

/// <summary>A score of a network of the table, as it is kept.</summary>
/// <param name="Value">Mean over repeats, with its parts or the failure.</param>
/// <param name="Seconds">Median seconds of an evaluation.</param>
internal sealed record StoredValue(ScoreValue Value, double Seconds);

/// <summary>
/// Values computed so far, in a file of the output folder, so that a run that was stopped or killed pays for none twice. Values belong to
/// network, score and settings; a file made with other settings is refused.
/// </summary>
internal sealed class ValueStore
{
    private const string FileName = "values.json";
    private const int FileLimit = 1 << 30;
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly string _settings;
    private readonly Dictionary<string, StoredValue> _values = [];
    private long _saved = Environment.TickCount64;
    private bool _isNew;

    /// <summary>Opens the values of a folder, or starts afresh.</summary>
    /// <exception cref="InvalidInputException">The folder holds values made with other settings, or a damaged file.</exception>
    public ValueStore(string folder, JsonObject settings)
    {
        _path = Path.Combine(folder, FileName);
        _settings = settings.ToJsonString();
        if (File.Exists(_path))
        {
            Load(folder);
        }
    }

    /// <summary>Values that an earlier run left.</summary>
    public int Count => _values.Count;

    public StoredValue? Find(Network network, string score) => _values.GetValueOrDefault(Key(network, score));

    /// <summary>Adds a value; saved at most every few seconds, and by <see cref="Save"/>.</summary>
    public void Add(Network network, string score, StoredValue value)
    {
        _values[Key(network, score)] = value;
        _isNew = true;
        if (Environment.TickCount64 - _saved > SaveInterval.TotalMilliseconds)
        {
            Save();
        }
    }

    public void Save()
    {
        if (_isNew)
        {
            var values = new JsonObject();
            foreach (var (key, value) in _values)
            {
                values[key] = ToNode(value);
            }

            AtomicFile.Write(_path, new JsonObject { ["settings"] = JsonNode.Parse(_settings), ["values"] = values }.ToJsonString());
        }

        _saved = Environment.TickCount64;
    }

    private static string Key(Network network, string score) =>
        string.Create(CultureInfo.InvariantCulture, $"{Fingerprint.Of(network.Architecture):x32} {score}");

    private void Load(string folder)
    {
        try
        {
            if (new FileInfo(_path).Length > FileLimit)
            {
                throw new JsonException("it is too large");
            }

            var root = JsonNode.Parse(File.ReadAllText(_path))!.AsObject();
            if (!JsonNode.DeepEquals(root["settings"], JsonNode.Parse(_settings)))
            {
                throw new InvalidInputException(
                    $"--out is '{Quantity.Shown(folder)}', which holds values made with other settings; allowed is another --out, or the settings it was made with");
            }

            foreach (var (key, node) in root["values"]!.AsObject())
            {
                _values[key] = FromNode(node!.AsObject());
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException or IOException)
        {
            throw new InvalidInputException($"'{_path}' can't be read or is damaged; delete it to compute everything again", e);
        }
    }

    private static JsonObject ToNode(StoredValue stored)
    {
        var value = stored.Value;
        var node = new JsonObject
        {
            ["mean"] = Text(value.Mean),
            ["sd"] = Text(value.StandardDeviation),
            ["repeats"] = value.Repeats,
            ["seconds"] = stored.Seconds,
        };
        if (value.Failure is { } failure)
        {
            node["reason"] = failure.Reason;
            node["detail"] = failure.Detail;
        }

        if (value.Pair is { } pair)
        {
            node["pair"] = new JsonArray(ToNode(pair.First), ToNode(pair.Second));
        }

        return node;
    }

    private static JsonObject ToNode(ScorePart part) => new() { ["name"] = part.Name, ["value"] = Text(part.Value), ["larger"] = part.IsLargerBetter };

    private static StoredValue FromNode(JsonObject node) => new(
        new ScoreValue(Number(node["mean"]!), Number(node["sd"]!), node["repeats"]!.GetValue<int>())
        {
            Failure = node["reason"] is { } reason ? new ScoreFailure(reason.GetValue<string>(), node["detail"]?.GetValue<string>()) : null,
            Pair = node["pair"] is JsonArray pair ? new ScorePair(Part(pair[0]!), Part(pair[1]!)) : null,
        },
        node["seconds"]!.GetValue<double>());

    private static ScorePart Part(JsonNode node) =>
        new(node["name"]!.GetValue<string>(), Number(node["value"]!), node["larger"]!.GetValue<bool>());

    /// <summary>JSON has no infinities.</summary>
    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static double Number(JsonNode node) => double.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture);
}
