using Spectre.Console;

namespace P2PCloud.Cli.Output;

/// <summary>
/// Rows for a person (aligned columns, never cut: a long line wraps in the terminal) or for a pipe (a <c>#</c> line with the names
/// of the columns, then one line a row with tabs between the cells).
/// </summary>
internal sealed class TextTable(params string[] columns)
{
    private const int Unlimited = 10_000;
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(Printable.Line)]);

    public void WriteTo(CliConsole console)
    {
        if (console.OutIsTerminal)
        {
            WriteAligned(console);
            return;
        }

        console.Out.WriteLine($"# {string.Join('\t', columns)}");
        foreach (var row in _rows)
        {
            console.Out.WriteLine(string.Join('\t', row));
        }
    }

    private void WriteAligned(CliConsole console)
    {
        var table = new Table().NoBorder();
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))).NoWrap());
        }

        foreach (var row in _rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        var ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = console.Colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = console.Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(console.Out),
        });
        ansi.Profile.Width = Unlimited;
        ansi.Write(table);
    }
}
