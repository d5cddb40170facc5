using ZenNas.Training.Recipes;

namespace ZenNas.Cli.Input;

/// <summary>Finds the recipe that a user means.</summary>
internal static class RecipeArgument
{
    /// <summary>The text of a recipe that comes with the program, or of a file.</summary>
    /// <exception cref="InvalidInputException">There is no such recipe.</exception>
    public static string Text(string name) => RecipeJson.Builtin(name)
        ?? (File.Exists(name)
            ? InputFile.Read(name, RecipeJson.FileLimit)
            : throw new InvalidInputException($"recipe is '{Quantity.Shown(name)}', which is no file here; allowed is {string.Join(", ", RecipeJson.BuiltinNames)} or a JSON file"));
}
