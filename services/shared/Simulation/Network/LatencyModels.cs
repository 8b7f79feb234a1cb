using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation;

/// <summary>One-way delays of messages.</summary>
public interface ILatencyModel
{
    /// <summary>The delay of one message, never negative.</summary>
    /// <param name="sender">Number of the sender: nodes are numbered from 0 in the order in which the network learns of them.</param>
    /// <param name="receiver">Number of the receiver.</param>
    /// <param name="random">The network's chance.</param>
    TimeSpan Latency(int sender, int receiver, IRandom random);
}

/// <summary>Every message takes the same time.</summary>
public sealed class ConstantLatency(TimeSpan latency) : ILatencyModel
{
    /// <inheritdoc/>
    public TimeSpan Latency(int sender, int receiver, IRandom random) => latency;
}

/// <summary>Uniform between two bounds.</summary>
public sealed class UniformLatency(TimeSpan min, TimeSpan max) : ILatencyModel
{
    /// <inheritdoc/>
    public TimeSpan Latency(int sender, int receiver, IRandom random) => min + ((max - min) * random.NextUnit());
}

/// <summary>Exponentially distributed; mean 50 ms in the simulations of ToN 2003, section VI.</summary>
public sealed class ExponentialLatency(TimeSpan mean) : ILatencyModel
{
    private const double Ln2 = 0.693147180559945309;

    /// <inheritdoc/>
    public TimeSpan Latency(int sender, int receiver, IRandom random) => mean * -Ln(1 - random.NextUnit());

    /// <summary>
    /// Natural logarithm by the four operations alone, whose results IEEE 754 fixes: Math.Log may differ in the last bit between
    /// machines, and a seed must give the same run on all.
    /// </summary>
    private static double Ln(double value)
    {
        var exponent = Math.ILogB(value);
        var mantissa = Math.ScaleB(value, -exponent);
        if (mantissa > 4.0 / 3)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2 (s + s^3/3 + s^5/5 + ...), |s| <= 1/5.
        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var sum = 0.0;
        for (var power = 23; power >= 1; power -= 2)
        {
            sum = (sum * square) + (1.0 / power);
        }

        return (2 * s * sum) + (exponent * Ln2);
    }
}

/// <summary>
/// Every node is at a random point of a cube, and a message takes time in proportion to the distance: the "3-d space" network of
/// ToN 2003, section VI-F. Two random points of a cube are 0.66 edges apart on average.
/// </summary>
/// <param name="seed">Of the points.</param>
/// <param name="edge">Delay along one edge of the cube.</param>
public sealed class EuclideanLatency(ulong seed, TimeSpan edge) : ILatencyModel
{
    private const int Dimensions = 3;

    private double[] _coordinates = [];

    /// <inheritdoc/>
    public TimeSpan Latency(int sender, int receiver, IRandom random)
    {
        Place(Math.Max(sender, receiver));
        var squares = 0.0;
        for (var axis = 0; axis < Dimensions; axis++)
        {
            var difference = _coordinates[(sender * Dimensions) + axis] - _coordinates[(receiver * Dimensions) + axis];
            squares += difference * difference;
        }

        return edge * Math.Sqrt(squares);
    }

    private void Place(int number)
    {
        var placed = _coordinates.Length / Dimensions;
        if (number < placed)
        {
            return;
        }

        Array.Resize(ref _coordinates, Math.Max(number + 1, placed * 2) * Dimensions);
        for (var i = placed * Dimensions; i < _coordinates.Length; i++)
        {
            // A node's point depends on its number alone, not on when the array grew.
            _coordinates[i] = new SplitMix64(seed + ((ulong)i * 0xD1342543DE82EF95UL)).NextUnit();
        }
    }
}
