export { tfjsSymbol } from './build/tensorflow-addon.ts'
export { type EngineName, engineNames, isEngineName } from './engine.ts'
export { enginesFolder } from './folder.ts'
export { type InstalledEngine, installedEngine, overrideVariable } from './installed.ts'
