using System.Collections;
using System.Reflection;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>How much a node remembers: the items of all collections that can be reached from its engine, timers and calls under way included.</summary>
internal static class StateSize
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<Type, FieldInfo[]> FieldsOf = new();

    /// <summary>Counts them. Follows objects of the engines and the items of collections, not what closures captured.</summary>
    public static int Of(object engine)
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance) { engine };
        var queue = new Queue<object>(seen);
        var size = 0;
        while (queue.TryDequeue(out var next))
        {
            if (next is ICollection items)
            {
                size += items.Count;
            }

            foreach (var child in next is IEnumerable sequence && next is not string ? sequence.Cast<object?>() : Values(next))
            {
                if (child is not null and not string and not Delegate && IsState(child.GetType()) && seen.Add(child))
                {
                    queue.Enqueue(child);
                }
            }
        }

        return size;
    }

    private static bool IsState(Type type) =>
        !type.IsPrimitive && !type.IsEnum
        && (type.Namespace?.StartsWith("P2PCloud.", StringComparison.Ordinal) == true || typeof(IEnumerable).IsAssignableFrom(type)
            || (type.IsGenericType && type.Namespace == "System.Collections.Generic"));

    private static IEnumerable<object?> Values(object item) => FieldsOf.GetOrAdd(item.GetType(), AllFields).Select(field => field.GetValue(item));

    private static FieldInfo[] AllFields(Type type)
    {
        var fields = new List<FieldInfo>();
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            fields.AddRange(at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Where(field => !field.FieldType.IsPrimitive && field.FieldType != typeof(string)));
        }

        return [.. fields];
    }
}
