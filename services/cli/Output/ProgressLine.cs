namespace P2PCloud.Cli.Output;

/// <summary>One line on stderr that is overwritten as work goes on; nothing at all where no person reads or colour is off.</summary>
internal sealed class ProgressLine(CliConsole console) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly bool _enabled = console is { ErrorIsTerminal: true, Colour: true };
    private long? _shownAt;

    /// <summary>Shows a line, at most ten times a second.</summary>
    public void Show(Func<string> text)
    {
        if (!_enabled || (_shownAt is { } before && console.Time.GetElapsedTime(before) < Interval))
        {
            return;
        }

        _shownAt = console.Time.GetTimestamp();
        var line = Printable.Line(text());
        console.Error.Write($"\r{(line.Length < console.Width ? line : line[..(console.Width - 1)])}\e[K");
    }

    /// <summary>Takes the line away, before other text.</summary>
    public void Clear()
    {
        if (_shownAt is not null)
        {
            console.Error.Write("\r\e[K");
            _shownAt = null;
        }
    }

    public void Dispose() => Clear();
}
