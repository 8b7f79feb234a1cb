using System.CommandLine;
using System.Text.Json;
using P2PCloud.Cli.Output;
using P2PCloud.Cli.Simulate;
using P2PCloud.Simulation.Figures;

namespace P2PCloud.Cli.Commands;

/// <summary><c>simulate figures</c>: the figures of the Chord paper, computed again, with the published values beside ours.</summary>
internal static class SimulateFiguresCommand
{
    public static Command Describe(CliConsole console, GlobalOptions options, Simulations simulations)
    {
        var folder = OutputFolder.Option("Folder for the page, the plots and the data");
        var seed = SimulateCommand.Seed();
        var quick = new Option<bool>("--quick") { Description = "Smaller sizes than the paper's, within half a minute" };
        var command = new Command("figures", "Compute the figures of the Chord paper and compare them with the published") { folder, seed, quick };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            console,
            simulations,
            parsed.GetRequiredValue(folder),
            parsed.GetValue(quick) ? FigureSizes.Quick : FigureSizes.Full,
            parsed.GetValue(seed),
            options.IsJson(parsed),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CliConsole console, Simulations simulations, string folder, FigureSizes sizes, ulong seed, bool json, CancellationToken cancellationToken)
    {
        try
        {
            // Before the work: a folder that cannot be made should not cost minutes.
            Directory.CreateDirectory(folder);
            IReadOnlyList<Figure> figures;
            using (var bar = new ProgressBar(console, "figures"))
            {
                figures = await SimulateCommand.OnWorkerAsync(
                    () =>
                    {
                        var computed = ChordFigures.Compute(sizes, seed, simulations.Run, bar, cancellationToken);
                        FigureFiles.Write(folder, computed, seed, sizes.IsQuick, cancellationToken);
                        return computed;
                    },
                    cancellationToken);
            }

            WriteResult(console, Path.Combine(folder, FigureFiles.Page), figures, seed, sizes.IsQuick, json);
            return ExitCodes.Ok;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return console.Fail(new Failure($"the figures cannot be written: {failure.Message}"));
        }
    }

    private static void WriteResult(CliConsole console, string page, IReadOnlyList<Figure> figures, ulong seed, bool quick, bool json)
    {
        var agreements = figures
            .Select(figure => new FigureAgreement(figure.Name, figure.Compared.Count(), figure.Compared.Count(row => row.Agrees is true)))
            .ToList();
        if (json)
        {
            console.Out.WriteLine(JsonSerializer.Serialize(
                new FiguresWritten(page, seed, quick, agreements), SimulateJsonContext.Default.FiguresWritten));
            return;
        }

        var table = new TextTable("figure", "values compared", "agree");
        foreach (var agreement in agreements)
        {
            table.Add(agreement.Name, $"{agreement.Compared}", $"{agreement.Agree}");
        }

        table.WriteTo(console);
        console.Note($"page: {page}");
    }
}
