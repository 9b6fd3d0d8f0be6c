using System.Reflection;

namespace BigPanda.Benchmarks.Servers;

/// <summary>Some function classes in the shape the local host looks for them in.</summary>
internal sealed class FunctionSelection(params Type[] types) : Assembly
{
    public override Type[] GetExportedTypes() => types;
}
