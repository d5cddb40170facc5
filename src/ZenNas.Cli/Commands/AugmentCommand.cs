using System.CommandLine;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Data;
using ZenNas.Training.Recipes;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas augment</c>: a picture of what a recipe does to pictures.</summary>
internal static class AugmentCommand
{
    private const int DefaultResolution = 224;
    private const int MostPictures = 100;

    public static Command Create()
    {
        var data = DataArgument.Option();
        var recipe = Options.Text("--recipe", $"Recipe: {string.Join(", ", RecipeJson.BuiltinNames)} or a JSON file. [default: cifar]", "RECIPE");
        var resolution = Options.Integer("--resolution", "Height and width of the network's input in pixels. [default: the pictures'; 224 where they differ]", 1, Limits.Resolution);
        var pictures = Options.Integer("--pictures", "Pictures to show. [default: 3]", 1, MostPictures);
        var draws = Options.Integer("--draws", "Random draws of each. [default: 8]", 1, MostPictures);
        var seed = Options.Seed();
        var output = Options.Text("--out", "PNG file to write. Required.", "FILE");
        var command = new Command("augment", "Write a contact sheet: training pictures as they are, and after each step of a recipe's augmentation alone.")
        {
            data, recipe, resolution, pictures, draws, seed, output,
        };
        command.SetAction(parsed =>
        {
            var target = OutputFile.Check("--out", parsed.GetValue(output) ?? throw new InvalidInputException("--out is missing; allowed is the PNG file to write"));
            var read = DatasetFolder.Open(DataArgument.Required(parsed.GetValue(data)));
            var chosen = RecipeJson.Parse(RecipeArgument.Text(parsed.GetValue(recipe) ?? "cifar"));
            var settings = chosen.Augmentation.For(parsed.GetValue(resolution) ?? read.Training.Size?.Height ?? DefaultResolution);
            OutputFile.Write(
                "--out", target, ContactSheet.Png(read.Training, settings, parsed.GetValue(pictures) ?? 3, parsed.GetValue(draws) ?? 8, parsed.GetValue(seed) ?? 0));
            var rows = ContactSheet.RowNames(settings);
            Console.Out.WriteLine($"{target}: for each picture, from above: {string.Join(", ", rows)}");
        });
        return command;
    }
}
