using System.Globalization;
using P2PCloud.Cli.Output;
using P2PCloud.Simulation.Figures;

namespace P2PCloud.Cli.Simulate;

/// <summary>A bar on stderr for work on other threads. What is reported after its end is not shown.</summary>
internal sealed class ProgressBar(CliConsole console, string work) : IProgress<double>, IProgress<FigureProgress>, IDisposable
{
    private const int Cells = 30;
    private readonly Lock _gate = new();
    private readonly ProgressLine _line = new(console);
    private bool _ended;

    /// <inheritdoc/>
    public void Report(double value) => Report(new FigureProgress(value, ""));

    /// <inheritdoc/>
    public void Report(FigureProgress value)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _line.Show(() => Text(value));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            _line.Dispose();
        }
    }

    private string Text(FigureProgress progress)
    {
        var share = Math.Clamp(progress.Share, 0, 1);
        var filled = (int)(share * Cells);
        var percent = ((int)(share * 100)).ToString(CultureInfo.InvariantCulture);
        return $"{work} [{new string('#', filled)}{new string('-', Cells - filled)}] {percent} % {progress.Label}".TrimEnd();
    }
}
