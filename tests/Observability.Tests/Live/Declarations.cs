using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using P2PCloud.Contracts;

namespace P2PCloud.Observability.Tests.Live;

/// <summary>What instruments the process publishes and with which attributes it measures, and the attributes of its spans and their events.</summary>
internal sealed class Declarations : IDisposable
{
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new();
    private readonly ConcurrentDictionary<(string Instrument, string Attribute), bool> _measured = new();
    private readonly ConcurrentDictionary<string, bool> _spanAttributes = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public Declarations()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("P2PCloud.", StringComparison.Ordinal))
            {
                _instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Measured(instrument, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Measured(instrument, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Measured(instrument, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Overlays,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                foreach (var (name, _) in span.TagObjects.Concat(span.Events.SelectMany(happened => happened.Tags)))
                {
                    _spanAttributes[name] = true;
                }
            },
        };
        ActivitySource.AddActivityListener(_activities);
    }

    /// <summary>The instruments of the services.</summary>
    public ICollection<Instrument> Instruments => _instruments.Values;

    /// <summary>Names of attributes that spans have had.</summary>
    public ICollection<string> SpanAttributes => _spanAttributes.Keys;

    /// <summary>Names of attributes with which an instrument has measured.</summary>
    public IEnumerable<string> AttributesOf(string instrument)
    {
        _meters.RecordObservableInstruments();
        return _measured.Keys.Where(pair => pair.Instrument == instrument).Select(pair => pair.Attribute);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void Measured(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, _) in tags)
        {
            _measured[(instrument.Name, name)] = true;
        }
    }
}
