using System.CommandLine;
using ZenNas.Cli.Input;
using ZenNas.Spaces;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas space</c>: prints a built-in space's file, a template for one's own.</summary>
internal static class SpaceCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = $"One of {string.Join(", ", SearchSpaceJson.BuiltinNames)}." };
        var command = new Command("space", "Print a built-in search space as JSON, a template for your own.") { name };
        command.SetAction(parsed =>
        {
            var given = parsed.GetRequiredValue(name);
            Console.Out.Write(SearchSpaceJson.BuiltinText(given) ?? throw new InvalidInputException(
                $"space is '{Quantity.Shown(given)}'; allowed is one of {string.Join(", ", SearchSpaceJson.BuiltinNames)}"));
        });
        return command;
    }
}
