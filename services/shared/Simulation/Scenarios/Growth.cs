using System.Globalization;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>Whether nodes remember more and more in the course of a run.</summary>
internal sealed class Growth(SearchCloud cloud)
{
    /// <summary>So many measurements at least make a judgement, some minutes apart.</summary>
    private const int SamplesMin = 15;

    private const double FactorMax = 1.5;

    /// <summary>Calls under way when no search is: one to each neighbour, to BOOT and to the directory or leader.</summary>
    private const int CallsMax = 32;

    private readonly List<double> _sizes = [];
    private string? _calls;

    /// <summary>Notes the mean state of a node, in a quiet phase without searches.</summary>
    public void Measure()
    {
        var nodes = cloud.Nodes.Cast<SearchPeer>().ToList();
        _sizes.Add(nodes.Average(node => StateSize.Of(node.Engine)));
        var busy = nodes.MaxBy(node => node.Engine.CallsUnderWay)!;
        if (busy.Engine.CallsUnderWay > CallsMax)
        {
            _calls = $"{busy.Name} has {busy.Engine.CallsUnderWay} calls under way in quiescence";
        }
    }

    /// <summary>What grew; null when nothing did, or the run was too short to tell.</summary>
    public string? Finding()
    {
        if (_calls is not null || _sizes.Count < SamplesMin)
        {
            return _calls;
        }

        var third = _sizes.Count / 3;
        var (middle, last) = (_sizes.Skip(third).Take(third).Average(), _sizes.TakeLast(third).Average());
        return last > middle * FactorMax
            ? string.Create(CultureInfo.InvariantCulture, $"a node remembers {last:f0} items on average, {middle:f0} in the third before")
            : null;
    }
}
