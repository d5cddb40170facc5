using System.CommandLine;
using System.CommandLine.Help;
using ZenNas.Cli.Commands;
using ZenNas.Cli.Commands.Clustered;
using ZenNas.Cli.Commands.Latency;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;

namespace ZenNas.Cli;

/// <summary>
/// Entry point. Exit codes: 0 done, 1 an unexpected failure, 2 input that can't be used (one sentence on standard error), 130 interrupted.
/// </summary>
internal static class Program
{
    private const int Failed = 1;
    private const int InvalidInput = 2;
    private const int Interrupted = 130;
    private const int LongestMessage = 1000;

    private static int Main(string[] arguments)
    {
        using var cancellation = new CancellationTokenSource();
        using var interrupt = new InterruptHandler(cancellation);
        try
        {
            return Run(arguments, cancellation.Token);
        }
        catch (InvalidInputException e)
        {
            return Fail(e.Message, InvalidInput);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (Exception e)
        {
            return Fail($"unexpected failure ({e.GetType().Name}): {e.Message}", Failed);
        }
    }

    private static int Run(string[] arguments, CancellationToken cancellation)
    {
        var root = new Command("zennas", "Zero-shot neural architecture search: finds the network of the highest Zen-Score within a budget, without training.")
        {
            SearchCommand.Create(cancellation),
            FrontCommand.Create(cancellation),
            ScaleCommand.Create(),
            ScoreCommand.Create(cancellation),
            CompareCommand.Create(cancellation),
            CorrelateCommand.Create(cancellation),
            LatencyCommand.Create(cancellation),
            TrainCommand.Create(cancellation),
            EvaluateNetworkCommand.Create(cancellation),
            RecipeCommand.Create(),
            AugmentCommand.Create(),
            DescribeCommand.Create(),
            ExportCommand.Create(),
            WorkerCommand.Create(cancellation),
            WorkersCommand.Create(cancellation),
            ZooCommand.Create(),
            SpaceCommand.Create(),
            new HelpOption { Action = new ExamplesHelp() },
            new VersionOption(),
        };
        var parsed = root.Parse(arguments.Length == 0 ? ["--help"] : arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.Errors.Count > 0
            ? Fail(Explain(parsed), InvalidInput)
            : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static string Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var name = command.Parents.Any() ? $"zennas {command.Name}" : command.Name;
        return parsed.UnmatchedTokens.Count == 0
            ? parsed.Errors[0].Message
            : $"'{Quantity.Shown(parsed.UnmatchedTokens[0])}' is unknown to '{name}'; allowed is what '{name} --help' lists";
    }

    private static int Fail(string message, int code)
    {
        Console.Error.WriteLine($"zennas: {Excerpt.Of(message.ReplaceLineEndings(" "), LongestMessage)}");
        return code;
    }
}
