using System.Reflection;

namespace P2PCloud.Contracts.Tests;

/// <summary>Makes a value of any contract type, with something in every field.</summary>
internal static class Examples
{
    private const int TreeDepth = 2;

    public static object Of(Type type) => Make(type, TreeDepth)!;

    private static object? Make(Type type, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return "ä \"text\" </>";
        }

        if (type == typeof(NodeId))
        {
            return new NodeId(UInt128.MaxValue - 5);
        }

        if (type == typeof(DescriptorId))
        {
            return DescriptorId.FromRandomBits(0x0123456789ABCDEF, 0x1122334455667788);
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).GetValue(1);
        }

        if (type.IsPrimitive || type == typeof(DateTimeOffset))
        {
            return type == typeof(bool) ? true
                : type == typeof(DateTimeOffset) ? DateTimeOffset.UnixEpoch.AddDays(1.5)
                : Convert.ChangeType(42, type, System.Globalization.CultureInfo.InvariantCulture);
        }

        if (type.IsGenericType && type.GetGenericArguments() is [var item])
        {
            var list = Array.CreateInstance(item, depth > 0 ? 2 : 0);
            for (var i = 0; i < list.Length; i++)
            {
                list.SetValue(Make(item, depth - 1), i);
            }

            return list;
        }

        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).MaxBy(found => found.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Make(parameter.ParameterType, depth - 1))]);
    }
}
