using System.CommandLine;
using ZenNas.Cli.Input;
using ZenNas.Training.Recipes;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas recipe</c>: prints a training recipe, to be changed and used as a file.</summary>
internal static class RecipeCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("recipe") { Description = $"One of {string.Join(", ", RecipeJson.BuiltinNames)}, or a file to check." };
        var command = new Command("recipe", "Print a training recipe as JSON.") { name };
        command.SetAction(parsed => Console.Out.WriteLine(RecipeJson.Write(RecipeJson.Parse(RecipeArgument.Text(parsed.GetRequiredValue(name))))));
        return command;
    }
}
