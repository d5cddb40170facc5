using System.Text;
using ScottPlot;

namespace ZenNas.Bench.Results;

/// <summary>Where a command writes its results; each text starts with how and on what it was made.</summary>
internal sealed class ResultFolder
{
    private readonly string _path;
    private readonly string _command;
    private readonly int _cores;
    private readonly DateOnly _date;

    public ResultFolder(string path, string command, int cores, DateOnly date)
    {
        (_path, _command, _cores, _date) = (path, command, cores, date);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"result folder '{path}' can't be made ({e.Message})", e);
        }
    }

    /// <summary>Writes a table of raw numbers under the header.</summary>
    /// <param name="file">Name in the folder.</param>
    /// <param name="table">The numbers.</param>
    /// <param name="spread">How the file shows the spread of its numbers.</param>
    public void WriteCsv(string file, Table table, string spread)
    {
        var header = string.Concat(Header(spread).Select(line => $"# {line}\n"));
        Write(file, header + table.ToCsv());
    }

    /// <summary>Writes a title, the header and a text.</summary>
    public void WriteMarkdown(string file, string title, string spread, params string[] paragraphs)
    {
        var text = new StringBuilder($"# {title}\n\n");
        text.Append(string.Concat(Header(spread).Select(line => $"- {line}\n")));
        foreach (var paragraph in paragraphs)
        {
            text.Append('\n').Append(paragraph.TrimEnd('\n')).Append('\n');
        }

        Write(file, text.ToString());
    }

    public void WritePng(string file, Plot plot, int width = 900, int height = 600)
    {
        plot.SavePng(Path.Combine(_path, file), width, height);
        Console.WriteLine(Path.Combine(_path, file));
    }

    public void WritePng(string file, Multiplot plot, int width, int height)
    {
        plot.SavePng(Path.Combine(_path, file), width, height);
        Console.WriteLine(Path.Combine(_path, file));
    }

    private IEnumerable<string> Header(string spread) =>
    [
        $"command: dotnet run -c Release --project bench/ZenNas.Bench -- {_command}",
        $"machine: {Machine.Processor}, {_cores} of {Environment.ProcessorCount} cores used, {Machine.System}",
        $"date: {_date:yyyy-MM-dd}",
        $"versions: {Machine.Runtime}, libtorch {Machine.LibTorch}",
        $"spread: {spread}",
    ];

    private void Write(string file, string text)
    {
        File.WriteAllText(Path.Combine(_path, file), text);
        Console.WriteLine(Path.Combine(_path, file));
    }
}
