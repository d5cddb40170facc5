using System.CommandLine;
using System.CommandLine.Invocation;
using ZenNas;
using ZenNas.Bench.Commands;

var root = new RootCommand("Measures what ZenNas claims; every command writes its results into bench/results.")
{
    ClosedFormCommand.Create(),
    StreamCommand.Create(),
    MeasuredSpeedCommand.Create(),
    Bf16BiasCommand.Create(),
    AgreementCommand.Create(),
    NearTiesCommand.Create(),
    LayerResidualsCommand.Create(),
    Figure2Command.Create(),
    MemoryCommand.Create(),
    SearchQualityCommand.Create(),
    Table1Command.Create(),
    Table2Command.Create(),
    TrainingSpeedCommand.Create(),
    ClusterCommand.Create(),
    ClusterKillsCommand.Create(),
    ClusterWorkerCommand.Create(),
};
var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction)
{
    Console.Error.WriteLine(parsed.Errors[0].Message);
    return 2;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (InvalidInputException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
