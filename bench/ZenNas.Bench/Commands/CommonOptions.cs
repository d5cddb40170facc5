using System.CommandLine;
using System.Globalization;
using ZenNas.Bench.Networks;
using ZenNas.Bench.Results;

namespace ZenNas.Bench.Commands;

/// <summary>Options that every command has, and ways to make others.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string> _out;
    private readonly Option<string?> _date = new("--date") { Description = "Date in the results, yyyy-MM-dd; today by default." };

    public CommonOptions(Command command)
    {
        _out = new Option<string>("--out")
        {
            Description = "Folder for the results.",
            DefaultValueFactory = _ => Repository.Path("bench", "results", command.Name),
        };
        command.Add(_out);
        command.Add(_date);
    }

    /// <summary>A whole number within limits.</summary>
    public static Option<int> Number(string name, int initial, int minimum, int maximum, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => initial };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && (value < minimum || value > maximum))
            {
                result.AddError($"{name} is {value}; allowed is {minimum} to {maximum}");
            }
        });
        return option;
    }

    /// <summary>One of the two spaces.</summary>
    public static Option<string> Space()
    {
        var option = new Option<string>("--space") { Description = "Search space: residual or mobile.", Required = true };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && BenchSpace.All.All(s => s.Name != token.Value))
            {
                result.AddError($"--space is '{token.Value}'; allowed is residual or mobile");
            }
        });
        return option;
    }

    public static Option<int> Threads() => Number("--threads", 2, 1, 256, "Threads.");

    public static Option<int> Batch() => Number("--batch", 16, 1, 4096, "Images per mini-batch.");

    /// <summary>Folder of the network streams.</summary>
    public static Option<string> Streams() => new("--streams")
    {
        Description = "Folder of the network streams.",
        DefaultValueFactory = _ => Repository.Path("bench", "streams"),
    };

    /// <summary>Opens the result folder.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="cores">Cores that the command uses.</param>
    public ResultFolder Open(ParseResult parsed, int cores) => new(
        parsed.GetValue(_out)!, string.Join(' ', parsed.Tokens.Select(t => t.Value)), cores, Date(parsed.GetValue(_date)));

    private static DateOnly Date(string? text) =>
        text is null ? DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime)
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : throw new InvalidInputException($"date is '{text}'; allowed is yyyy-MM-dd");
}
