namespace BigPanda.LocalHost.Hosting;

internal interface IFunction
{
    string Name { get; }
}
